'use strict'
// datadog.js OUT_DIR - a wall and a heap profile by @datadog/pprof, which must be resolvable from the working directory.
const fs = require('fs')
const path = require('path')
const { createRequire } = require('module')
const { time, heap, encodeSync } = createRequire(path.join(process.cwd(), 'x.js'))('@datadog/pprof')
const busy = require('./busy.js')

heap.start(64 * 1024, 32)
time.start({ durationMillis: 400, intervalMicros: 1000, lineNumbers: true })
busy(400)
const out = (name, profile) => fs.writeFileSync(path.join(process.argv[2], name), encodeSync(profile))
out('datadog-wall.pb.gz', time.stop())
out('datadog-heap.pb.gz', heap.profile())
