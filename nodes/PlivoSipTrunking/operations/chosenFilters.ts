import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { CHECK_EXPRESSION, isBlank } from '../input/text';
import { located, type Operation } from '../run/operation';

/**
 * Refuses a filter that chooses one customer or record and is empty: whoever deletes or releases what is found would
 * do so with all there are. AI agents leave empty what they don't want to filter by, and read only.
 *
 * @param labels of these filters, by their names
 * @param all what would be found without the filter
 * @throws PlivoFailure of kind `input`, naming the filter
 */
export function requireChosen(
	{ parameter, isTool }: Pick<Operation, 'parameter' | 'isTool'>,
	labels: Readonly<Record<string, string>>,
	all: string,
): void {
	if (isTool) return;
	const filters = parameter('filters', {}) as IDataObject;
	for (const [name, label] of Object.entries(labels)) {
		if (!(name in filters) || !isBlank(located(filters[name]))) continue;
		throw badInput(
			label,
			`is empty, and without this filter all ${all} would be found`,
			`To get all ${all}, remove '${label}' from the filters. ${CHECK_EXPRESSION}`,
		);
	}
}
