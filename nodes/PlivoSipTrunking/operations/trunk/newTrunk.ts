import type { IDataObject } from 'n8n-workflow';

import { newTrunk } from '../../records/trunk';
import type { Operation } from '../../run/operation';

/** The fields of the trunk that an operation wants to exist, checked. */
export const newTrunkOf = ({ body, parameter }: Operation): IDataObject =>
	// Hidden for an inbound trunk, and then not there at all.
	newTrunk(body, parameter('sipAuthentication', null));
