import { createLocks } from '../../../nodes/PlivoSipTrunking/transport/lock.ts';

/** Work that ends when it is told to. */
function gate() {
	let open!: () => void;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { open, work: async () => await opened };
}

/** Lets everything happen that can. */
const settle = async () => await new Promise((resolve) => setImmediate(resolve));

describe('locks', () => {
	it('run the work of a key one after the other, in the order in which it was asked for', async () => {
		const locks = createLocks();
		const log: string[] = [];
		const work = (name: string) => async () => {
			log.push(`${name} begins`);
			await settle();
			log.push(`${name} ends`);
			return name;
		};
		const answers = await Promise.all(
			['one', 'two', 'three'].map(async (name) => await locks.hold('key', undefined, work(name))),
		);
		expect(answers).toEqual(['one', 'two', 'three']);
		expect(log).toEqual(
			['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
		);
	});

	it('let the work of other keys go on', async () => {
		const locks = createLocks();
		const { open, work } = gate();
		const held = locks.hold('key', undefined, work);
		await expect(locks.hold('other', undefined, async () => 'done')).resolves.toBe('done');
		open();
		await held;
	});

	it('are given back by work that fails', async () => {
		const locks = createLocks();
		const failing = locks.hold('key', undefined, async () => {
			throw new Error('No');
		});
		const next = locks.hold('key', undefined, async () => 'done');
		await expect(failing).rejects.toThrow('No');
		await expect(next).resolves.toBe('done');
	});

	it('tell those who have to wait, and only those', async () => {
		const locks = createLocks();
		const { open, work } = gate();
		const waits = jest.fn();
		const first = locks.hold('key', undefined, work, () => waits('first'));
		const second = locks.hold(
			'key',
			undefined,
			async () => {},
			() => waits('second'),
		);
		open();
		await Promise.all([first, second]);
		await locks.hold(
			'key',
			undefined,
			async () => {},
			() => waits('third'),
		);
		expect(waits.mock.calls).toEqual([['second']]);
	});

	it('end the wait of a stopped execution at once, and keep the order of the others', async () => {
		const locks = createLocks();
		const { open, work } = gate();
		const execution = new AbortController();
		const log: string[] = [];
		const first = locks.hold('key', undefined, async () => {
			await work();
			log.push('first');
		});
		const stopped = locks.hold('key', execution.signal, async () => log.push('stopped'));
		const third = locks.hold('key', undefined, async () => log.push('third'));
		execution.abort();
		await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
		await settle();
		expect(log).toEqual([]);
		open();
		await Promise.all([first, third]);
		expect(log).toEqual(['first', 'third']);
	});

	it('give nothing to an execution that had been stopped before', async () => {
		const locks = createLocks();
		const { open, work } = gate();
		const held = locks.hold('key', undefined, work);
		const late = locks.hold('key', AbortSignal.abort(), async () => 'never');
		await expect(late).rejects.toMatchObject({ kind: 'cancelled' });
		open();
		await held;
	});
});
