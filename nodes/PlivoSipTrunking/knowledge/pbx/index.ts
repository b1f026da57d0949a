import { fillIn } from '../template';
import { asterisk } from './asterisk';
import { ESCAPES } from './escape';
import { freepbx } from './freepbx';
import { freeswitch } from './freeswitch';
import { fusionpbx } from './fusionpbx';
import { other } from './other';
import { threeCx } from './threeCx';
import { FIREWALL, type Pbx, type PbxFile, type PbxTrunk, PLACEHOLDERS, viewOf } from './trunk';

/** The PBXs that configurations are known for. */
export const PBXS = {
	asterisk,
	freepbx,
	freeswitch,
	fusionpbx,
	'3cx': threeCx,
	other,
} satisfies Readonly<Record<string, Pbx>>;

export type PbxType = keyof typeof PBXS;

/**
 * A PBX's side of a trunk. Pure: the same trunk gives the same text.
 *
 * @returns files in the order in which they are used, and what won't work as whole sentences
 */
export function pbxConfiguration(
	type: PbxType,
	trunk: PbxTrunk,
): { files: PbxFile[]; warnings: string[] } {
	const pbx: Pbx = PBXS[type];
	const view = viewOf(pbx, trunk);
	const files = [...pbx.files, FIREWALL]
		.filter(({ when }: Pbx['files'][number]) => when === undefined || view[when])
		.map(({ title, file, content }) => ({
			title: fillIn(title, view),
			file: fillIn(file, view),
			content: fillIn(content, view, ESCAPES[file.replace(/^.*\./, '')]),
		}));
	return { files, warnings: warningsOf(pbx, trunk) };
}

function warningsOf(pbx: Pbx, { inbound, outbound }: PbxTrunk): string[] {
	const { openPorts, passwordWarnings = {}, outboundWarning } = pbx;
	const warnings: string[] = [];
	const open = inbound?.transport === 'tls' ? openPorts?.tls : openPorts?.plain;
	if (inbound && open !== undefined && inbound.port !== open) {
		warnings.push(
			`The PBX takes calls without a password on port ${open} as it is installed (profile external), but 'Platform Host' leads to port ${inbound.port}: use ${open} there, or set up the profile of that port for Plivo’s addresses.`,
		);
	}
	if (!outbound) return warnings;
	for (const [character, warning] of Object.entries(passwordWarnings)) {
		if (outbound.password.includes(character)) warnings.push(warning);
	}
	if (outboundWarning !== undefined) warnings.push(outboundWarning);
	if (outbound.password === PLACEHOLDERS.password) {
		warnings.push(
			`The password of the credential can’t be read from Plivo: replace ${PLACEHOLDERS.password} in the PBX configuration, or set a new one with SIP Credential, Rotate Password.`,
		);
	}
	if (outbound.callerId === PLACEHOLDERS.callerId) {
		warnings.push(
			`No phone number was given: replace ${PLACEHOLDERS.callerId} in the PBX configuration with a number of your Plivo account, digits only.`,
		);
	}
	return warnings;
}
