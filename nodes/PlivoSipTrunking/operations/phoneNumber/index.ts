import { resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';
import { release } from './release';
import { rent } from './rent';
import { routeToApplication } from './routeToApplication';
import { routeToTrunk } from './routeToTrunk';
import { searchAvailable } from './searchAvailable';
import { unroute } from './unroute';
import { update } from './update';

export const phoneNumber = resource({ name: 'Phone Number', value: 'phoneNumber' }, getAll, [
	get,
	getAll,
	release,
	rent,
	routeToApplication,
	routeToTrunk,
	searchAvailable,
	unroute,
	update,
]);
