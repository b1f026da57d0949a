/**
 * Loaded into n8n with --import: on SIGUSR2, collects the garbage and writes what is left in use to the file in
 * USED_HEAP_FILE, in bytes. Node.js collects when it likes: only what a collection leaves behind tells of a leak.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	writeFileSync(process.env.USED_HEAP_FILE, String(process.memoryUsage().heapUsed));
});
