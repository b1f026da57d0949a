import { resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';
import { routeToApplication } from './routeToApplication';
import { routeToTrunk } from './routeToTrunk';
import { unroute } from './unroute';
import { update } from './update';

export const phoneNumber = resource({ name: 'Phone Number', value: 'phoneNumber' }, getAll, [
	get,
	getAll,
	routeToApplication,
	routeToTrunk,
	unroute,
	update,
]);
