// @leak listener: data source +180
"use strict";
// As a compiler for ES5 writes classes.
var events_1 = require("events");
var measure = require("./measure");
var source = new events_1.EventEmitter();
source.setMaxListeners(0);
var Consumer = /** @class */ (function () {
    function Consumer(name) {
        var _this = this;
        this.name = name;
        this.received = [];
        this.onData = function (data) { // LEAK HERE
            _this.received.push(data);
        };
        source.on("data", this.onData);
    }
    Consumer.prototype.count = function () {
        return this.received.length;
    };
    return Consumer;
}());
measure(function (round) {
    for (var i = 0; i < 60; i++) {
        new Consumer("consumer " + round + "." + i).count();
    }
    source.emit("data", round);
});
