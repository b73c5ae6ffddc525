import { EventEmitter, setMaxListeners } from 'node:events';

const ticker = new EventEmitter();
const clock = new EventTarget();
const shutdown = new AbortController();
setMaxListeners(0, ticker, clock, shutdown.signal);

export const subscribe = listener => ticker.on('price', listener);
export const onTick = listener => clock.addEventListener('tick', listener);
export const onShutdown = listener => shutdown.signal.addEventListener('abort', listener);

export function fire() {
  ticker.emit('price', 1);
  clock.dispatchEvent(new Event('tick'));
}
