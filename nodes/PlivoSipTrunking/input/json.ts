import type { IDataObject } from 'n8n-workflow';

/** Whether a value is a JSON object; what n8n passes and what Plivo returns was JSON at every level. */
export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object as it is; nothing of any other value, so that its fields can be asked for. */
export const objectOf = (value: unknown): IDataObject => (isObject(value) ? value : {});
