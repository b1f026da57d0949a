import { onStop, pause, untilStopped } from '../../../nodes/PlivoSipTrunking/transport/pause.ts';

describe('onStop', () => {
	it('calls everybody back who has not taken it back, once', () => {
		const execution = new AbortController();
		const [stays, goes] = [jest.fn(), jest.fn()];
		onStop(execution.signal, stays);
		onStop(execution.signal, goes)();
		execution.abort();
		execution.abort();
		expect(stays).toHaveBeenCalledTimes(1);
		expect(goes).not.toHaveBeenCalled();
	});

	it('calls back at once when the execution has been stopped', () => {
		const late = jest.fn();
		onStop(AbortSignal.abort(), late);
		expect(late).toHaveBeenCalledTimes(1);
	});

	it('calls nobody back for an execution that cannot be stopped', () => {
		const never = jest.fn();
		onStop(undefined, never)();
		expect(never).not.toHaveBeenCalled();
	});
});

describe('untilStopped', () => {
	it('answers what the work answers, and stops waiting when the execution is stopped', async () => {
		const execution = new AbortController();
		const done = untilStopped(Promise.resolve('done'), execution.signal);
		const stopped = untilStopped(new Promise(() => {}), execution.signal);
		await expect(done).resolves.toBe('done');
		execution.abort();
		await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
	});

	it('throws what the work throws', async () => {
		const { signal } = new AbortController();
		await expect(untilStopped(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
	});
});

describe('pause', () => {
	it('waits, and stops waiting at once when the execution is stopped', async () => {
		const execution = new AbortController();
		await expect(pause(1, execution.signal)).resolves.toBeUndefined();
		await expect(pause(1)).resolves.toBeUndefined();
		const long = pause(60_000, execution.signal);
		execution.abort();
		await expect(long).rejects.toMatchObject({ kind: 'cancelled' });
		await expect(pause(60_000, execution.signal)).rejects.toMatchObject({ kind: 'cancelled' });
	});
});
