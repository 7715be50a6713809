/**
 * Loaded into every thread of a process (`node -r`): lets a call of the file system fail in threads other than the main
 * one, once its name is told on the channel, and answers when it does.
 */
const fs = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (!isMainThread) {
  const channel = new BroadcastChannel('break-disk');
  channel.onmessage = ({ data }) => {
    fs[data] = () => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', errno: -5 });
    };
    channel.postMessage('broken');
  };
  channel.unref();
}
