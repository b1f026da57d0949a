import { normalizedName } from '../input/name';
import { type AccountRecord, type Kind, plainKind, type Text, texts } from './kind';

/** A voice application, which a number can be routed to; read only (plivo.com/docs/account/api/application). */
export interface Application extends AccountRecord {
	readonly app_id: string;
	readonly app_name?: Text;
}

export const APPLICATION: Kind<Application> = {
	...plainKind,
	path: '/Application/',
	idField: 'app_id',
	idKind: 'application',
	parse: texts('app_id', 'app_name'),
	label: 'application',
	idLabel: 'Application ID',
	identityOf: ({ app_name: name }) => normalizedName(String(name ?? '')),
};
