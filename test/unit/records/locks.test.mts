import { createLocks } from '../../../nodes/PlivoSipTrunking/records/locks.ts';
import { only } from '../../support/elements.mts';

/** Work that ends when it is told to. */
function gate() {
	let open!: () => void;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { open, work: async () => await opened };
}

/** Lets everything happen that can. */
const settle = async () => await new Promise((resolve) => setImmediate(resolve));

/** Locks without lingering, and a log of who holds them. */
function logged() {
	const locks = createLocks(async () => {});
	const log: string[] = [];
	const gates = new Map<string, () => void>();
	/** Claims one key until `end(name)`. */
	const hold = (name: string, shared = false, signal?: AbortSignal, key = 'key') => {
		const { open, work } = gate();
		gates.set(name, open);
		return locks.hold([{ key, shared }], signal, async () => {
			log.push(`${name} begins`);
			await work();
			log.push(`${name} ends`);
			return name;
		});
	};
	const end = async (name: string) => {
		gates.get(name)!();
		await settle();
	};
	/** What has happened since the last look. */
	const since = async () => {
		await settle();
		return log.splice(0);
	};
	return { locks, hold, end, since };
}

const stopped = { kind: 'cancelled' };

describe('locks', () => {
	it('run the work of a key one after the other, in the order in which it was asked for', async () => {
		const { locks } = logged();
		const log: string[] = [];
		const work = (name: string) => async () => {
			log.push(`${name} begins`);
			await settle();
			log.push(`${name} ends`);
			return name;
		};
		const answers = await Promise.all(
			['one', 'two', 'three'].map(
				async (name) => await locks.hold([{ key: 'key' }], undefined, work(name)),
			),
		);
		expect(answers).toEqual(['one', 'two', 'three']);
		expect(log).toEqual(
			['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
		);
	});

	it('let the work of other keys go on', async () => {
		const { hold, end, since } = logged();
		void hold('first');
		void hold('other', false, undefined, 'other key');
		expect(await since()).toEqual(['first begins', 'other begins']);
		await end('other');
		expect(await since()).toEqual(['other ends']);
	});

	it('are given back by work that fails, and forgotten', async () => {
		const { locks } = logged();
		const failing = locks.hold([{ key: 'key' }], undefined, async () => {
			throw new Error('No');
		});
		const next = locks.hold([{ key: 'key' }], undefined, async () => 'done');
		expect(locks.size()).toBe(1);
		await expect(failing).rejects.toThrow('No');
		await expect(next).resolves.toBe('done');
		expect(locks.size()).toBe(0);
	});

	it('need nothing for work without claims', async () => {
		const { locks } = logged();
		await expect(locks.hold([], undefined, async () => 'done')).resolves.toBe('done');
	});
});

describe('a shared claim', () => {
	it('is held together with others that share it', async () => {
		const { hold, end, since } = logged();
		void hold('one', true);
		void hold('two', true);
		expect(await since()).toEqual(['one begins', 'two begins']);
		await end('two');
		await end('one');
		expect(await since()).toEqual(['two ends', 'one ends']);
	});

	it('keeps out who wants the key alone, until the last one has ended', async () => {
		const { hold, end, since } = logged();
		void hold('one', true);
		void hold('two', true);
		void hold('writer');
		await since();
		await end('one');
		expect(await since()).toEqual(['one ends']);
		await end('two');
		expect(await since()).toEqual(['two ends', 'writer begins']);
	});

	it('waits behind a writer that came before, so that the writer gets its turn', async () => {
		const { hold, end, since } = logged();
		void hold('reader', true);
		void hold('writer');
		void hold('late reader', true);
		expect(await since()).toEqual(['reader begins']);
		await end('reader');
		expect(await since()).toEqual(['reader ends', 'writer begins']);
		await end('writer');
		expect(await since()).toEqual(['writer ends', 'late reader begins']);
	});

	it('is given to all that wait for it in a row', async () => {
		const { hold, end, since } = logged();
		void hold('writer');
		void hold('one', true);
		void hold('two', true);
		void hold('second writer');
		void hold('three', true);
		await since();
		await end('writer');
		expect(await since()).toEqual(['writer ends', 'one begins', 'two begins']);
		await end('one');
		await end('two');
		expect(await since()).toEqual(['one ends', 'two ends', 'second writer begins']);
		await end('second writer');
		expect(await since()).toEqual(['second writer ends', 'three begins']);
	});
});

describe('several claims', () => {
	it('are waited for without a circle, in whatever order they are named', async () => {
		const { locks } = logged();
		let inside = 0;
		const claims = ['a', 'b', 'c'].map((key) => ({ key }));
		await Promise.all(
			Array.from({ length: 20 }, async (_, index) => {
				const ordered = index % 2 === 0 ? claims : [...claims].reverse();
				await locks.hold(ordered, undefined, async () => {
					expect(++inside).toBe(1);
					await settle();
					inside--;
				});
			}),
		);
		expect(locks.size()).toBe(0);
	});

	it('of one key are one; alone where any of them wants it so', async () => {
		const { locks, hold, since } = logged();
		const { open, work } = gate();
		const both = [{ key: 'key', shared: true }, { key: 'key' }, { key: 'key', shared: true }];
		const first = locks.hold(both, undefined, work);
		void hold('reader', true);
		expect(await since()).toEqual([]);
		open();
		await first;
		expect(await since()).toEqual(['reader begins']);
	});

	it('are given back when the wait for one of them is ended', async () => {
		const { locks, hold, end, since } = logged();
		const execution = new AbortController();
		void hold('holder', false, undefined, 'b');
		const waiting = locks.hold(
			[{ key: 'a' }, { key: 'b' }, { key: 'c' }],
			execution.signal,
			async () => {},
		);
		await settle();
		void hold('behind', false, undefined, 'a');
		expect(await since()).toEqual(['holder begins']);
		execution.abort();
		await expect(waiting).rejects.toMatchObject(stopped);
		expect(await since()).toEqual(['behind begins']);
		await end('holder');
		await end('behind');
		expect(locks.size()).toBe(0);
	});
});

describe('a stopped execution', () => {
	it('ends its wait at once; the order of the others stays', async () => {
		const { hold, end, since } = logged();
		const execution = new AbortController();
		void hold('first');
		const waiting = hold('stopped', false, execution.signal);
		void hold('third');
		void hold('fourth');
		execution.abort();
		await expect(waiting).rejects.toMatchObject(stopped);
		expect(await since()).toEqual(['first begins']);
		await end('first');
		expect(await since()).toEqual(['first ends', 'third begins']);
		await end('third');
		expect(await since()).toEqual(['third ends', 'fourth begins']);
	});

	it.each(['in the middle', 'at the end'])(
		'lets nobody in early that comes later, when it waited %s',
		async (place) => {
			const { locks, hold, end, since } = logged();
			const execution = new AbortController();
			void hold('first');
			const waiting = hold('stopped', false, execution.signal);
			if (place === 'in the middle') void hold('behind');
			execution.abort();
			await expect(waiting).rejects.toMatchObject(stopped);
			void hold('later');
			void hold('reader', true);
			expect(await since()).toEqual(['first begins']);
			await end('first');
			const next = place === 'in the middle' ? 'behind' : 'later';
			expect(await since()).toEqual(['first ends', `${next} begins`]);
			for (const name of ['behind', 'later', 'reader']) {
				if (name !== 'behind' || place === 'in the middle') await end(name);
			}
			expect(locks.size()).toBe(0);
		},
	);

	it('lets those behind it share with those who hold the key', async () => {
		const { hold, end, since } = logged();
		const execution = new AbortController();
		void hold('reader', true);
		const writer = hold('writer', false, execution.signal);
		void hold('late reader', true);
		void hold('second writer');
		expect(await since()).toEqual(['reader begins']);
		execution.abort();
		await expect(writer).rejects.toMatchObject(stopped);
		expect(await since()).toEqual(['late reader begins']);
		await end('reader');
		expect(await since()).toEqual(['reader ends']);
		await end('late reader');
		expect(await since()).toEqual(['late reader ends', 'second writer begins']);
	});

	it('gets nothing when it had been stopped before', async () => {
		const { locks, hold, end, since } = logged();
		void hold('first');
		await expect(hold('late', false, AbortSignal.abort())).rejects.toMatchObject(stopped);
		expect(await since()).toEqual(['first begins']);
		await end('first');
		expect(locks.size()).toBe(0);
	});

	it('keeps what it has until its work has ended', async () => {
		const { hold, end, since } = logged();
		const execution = new AbortController();
		void hold('first', false, execution.signal);
		void hold('second');
		await since();
		execution.abort();
		expect(await since()).toEqual([]);
		await end('first');
		expect(await since()).toEqual(['first ends', 'second begins']);
	});
});

describe('claims that linger', () => {
	function lingering() {
		const waits: Array<{ ms: number; over: () => void }> = [];
		const locks = createLocks(
			async (ms) => await new Promise<void>((over) => waits.push({ ms, over })),
		);
		return { locks, waits };
	}
	const claim = [{ key: 'key' }];

	it.each([
		['succeeds', async () => 'done'],
		[
			'fails',
			async () => {
				throw new Error('done');
			},
		],
	])('are kept after work that %s, while its answer is there at once', async (_, work) => {
		const { locks, waits } = lingering();
		const answer = await locks
			.hold(claim, undefined, work, () => 500)
			.catch((e: Error) => e.message);
		expect(answer).toBe('done');
		const next = jest.fn(async () => {});
		const held = locks.hold(claim, undefined, next);
		await settle();
		expect(waits.map(({ ms }) => ms)).toEqual([500]);
		expect(next).not.toHaveBeenCalled();
		only(waits).over();
		await held;
		expect(locks.size()).toBe(0);
	});

	it.each([0, -20])(
		'are given back at once where there is nothing to wait for (%p ms)',
		async (ms) => {
			const { locks, waits } = lingering();
			await locks.hold(
				claim,
				undefined,
				async () => {},
				() => ms,
			);
			expect(waits).toEqual([]);
			expect(locks.size()).toBe(0);
		},
	);

	it('ask how long only when the work has ended', async () => {
		const { locks, waits } = lingering();
		let ms = 0;
		await locks.hold(
			claim,
			undefined,
			async () => {
				ms = 70;
			},
			() => ms,
		);
		expect(waits.map((wait) => wait.ms)).toEqual([70]);
		only(waits).over();
	});
});
