import { runs } from '../run/operation';
import { account } from './account';
import { call } from './call';
import { credential } from './credential';
import { ipAccessControlList } from './ipAccessControlList';
import { originationUri } from './originationUri';
import { phoneNumber } from './phoneNumber';
import { propertiesOf } from './properties';
import { provisioning } from './provisioning';
import { trunk } from './trunk';
import { refuseUnknown } from './unknown';

const resources = [
	account,
	call,
	credential,
	ipAccessControlList,
	originationUri,
	phoneNumber,
	provisioning,
	trunk,
];

export const properties = propertiesOf(resources, trunk);

/** What n8n runs when no operation of the node is chosen. */
export const unknownOperation = runs(refuseUnknown(resources)).operations;
