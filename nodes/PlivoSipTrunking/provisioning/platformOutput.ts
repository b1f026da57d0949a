import type { IDataObject } from 'n8n-workflow';

/** What Connect Platform has made, and what it says about it. */
export interface PlatformResult {
	readonly name: string;
	readonly inboundTrunk?: IDataObject;
	readonly outboundTrunk?: IDataObject;
	/** Of the outbound trunk's credential; the password only where it was generated. */
	readonly login: { username?: string; password?: string };
	readonly nextSteps: string[];
	readonly warnings: string[];
	/** What else is to be pasted somewhere, such as ready requests: behind the warnings. */
	readonly extras?: IDataObject;
	readonly numbers: IDataObject[];
	readonly done: IDataObject['what_was_done'];
}

/** What a trunk is known by, and whether it carries calls. */
export const shortTrunk = ({ trunk_id, trunk_domain, trunk_status }: IDataObject): IDataObject => ({
	trunk_id,
	trunk_domain,
	trunk_status,
});

/**
 * The output item of Connect Platform: what is pasted on the platform first, then what is left to do and to
 * know, then the records.
 *
 * @param simplified trunks by id, domain and status
 */
export function platformOutput(result: PlatformResult, simplified: boolean): IDataObject {
	const { inboundTrunk, outboundTrunk } = result;
	const shown = (trunk: IDataObject) => (simplified ? shortTrunk(trunk) : trunk);
	return {
		...(outboundTrunk && { trunk_domain: String(outboundTrunk.trunk_domain), ...result.login }),
		next_steps: result.nextSteps,
		warnings: result.warnings,
		...result.extras,
		name: result.name,
		...(inboundTrunk && { inbound_trunk: shown(inboundTrunk) }),
		...(outboundTrunk && { outbound_trunk: shown(outboundTrunk) }),
		numbers: result.numbers,
		what_was_done: result.done,
	};
}
