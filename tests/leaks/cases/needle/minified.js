// @leak map: t +540
'use strict';
// As a bundler leaves it.
const measure = require('./measure');
var e=class{constructor(e){this.a=e,this.b=[e]}},t=new Map,n=(n,r)=>{let i=t.get(n);return i||(i=new e(r),t.set(n,i)),i};measure(e=>{for(let t=0;t<180;t++)n("k"+e+"_"+t,t)}); // LEAK HERE
