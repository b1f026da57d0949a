import { asterisk } from './asterisk';
import { freepbx } from './freepbx';
import { freeswitch } from './freeswitch';
import { fusionpbx } from './fusionpbx';
import { other } from './other';
import { threeCx } from './threeCx';
import { type Pbx, type PbxFile, type PbxTrunk, PLACEHOLDERS } from './trunk';

export type PbxType = 'asterisk' | 'freepbx' | 'freeswitch' | 'fusionpbx' | '3cx' | 'other';

/** The PBXs that configurations are known for. */
export const PBXS: Readonly<Record<PbxType, Pbx>> = {
	asterisk,
	freepbx,
	freeswitch,
	fusionpbx,
	'3cx': threeCx,
	other,
};

/**
 * A PBX's side of a trunk. Pure: the same trunk gives the same text.
 *
 * @returns files in the order in which they are used, and what won't work as whole sentences
 */
export function pbxConfiguration(
	type: PbxType,
	trunk: PbxTrunk,
): { files: PbxFile[]; warnings: string[] } {
	const pbx = PBXS[type];
	const { outbound } = trunk;
	const warnings = [...(pbx.warnings?.(trunk) ?? [])];
	if (outbound?.password === PLACEHOLDERS.password) {
		warnings.push(
			`The password of the credential can’t be read from Plivo: replace ${PLACEHOLDERS.password} in the PBX configuration, or set a new one with SIP Credential, Rotate Password.`,
		);
	}
	if (outbound?.callerId === PLACEHOLDERS.callerId) {
		warnings.push(
			`No phone number was given: replace ${PLACEHOLDERS.callerId} in the PBX configuration with a number of your Plivo account, digits only.`,
		);
	}
	return { files: pbx.files(trunk), warnings };
}
