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

/** What most people come for, then the rest in the order of the alphabet. */
const resources = [
	provisioning,
	account,
	call,
	ipAccessControlList,
	originationUri,
	phoneNumber,
	credential,
	trunk,
];

export const properties = propertiesOf(resources, provisioning);

/** What n8n runs when no operation of the node is chosen. */
export const unknownOperation = runs(refuseUnknown(resources), []).operations;
