/** A small seeded generator of numbers from 0 up to 1 (mulberry32): the same in every run of a test. */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** A UUID made of a generator's numbers: the same for the same seed, and without the system's entropy. */
export function uuidFrom(random: () => number): string {
	let hex = '';
	while (hex.length < 32) {
		hex += Math.floor(random() * 4_294_967_296)
			.toString(16)
			.padStart(8, '0');
	}
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
