/**
 * Works on all items, so many at a time.
 *
 * @returns the results, in the order of the items
 * @throws what the first work that fails has thrown; the others go on
 */
export async function sideBySide<Item, Result>(
	items: readonly Item[],
	atATime: number,
	work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	// All workers take from the same iterator.
	const waiting = items.entries();
	const worker = async () => {
		for (const [index, item] of waiting) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: atATime }, worker));
	return results;
}
