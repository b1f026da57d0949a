import { normalizedName } from '../input/name';
import { type Kind, plainKind } from './kind';

/** Voice applications, for what a number can be routed to (plivo.com/docs/account/api/application); read only */
export const APPLICATION: Kind = {
	...plainKind,
	path: '/Application/',
	idField: 'app_id',
	idKind: 'application',
	label: 'application',
	idLabel: 'Application ID',
	identityOf: ({ app_name: name }) => normalizedName(String(name ?? '')),
};
