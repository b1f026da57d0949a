import type { IDataObject } from 'n8n-workflow';

/** Whether a value is a JSON object; what n8n hands over and what Plivo answers was JSON, all the way down. */
export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object as it is; nothing of any other value, so that its fields can be asked for. */
export const objectOf = (value: unknown): IDataObject => (isObject(value) ? value : {});
