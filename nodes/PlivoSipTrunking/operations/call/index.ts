import { resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';
import { getInsights } from './getInsights';
import { summarize } from './summarize';

export const call = resource({ name: 'Call', value: 'call' }, getAll, [
	get,
	getInsights,
	getAll,
	summarize,
]);
