import { isAnswered, toText, type PlivoRecord } from './callRecord';

/**
 * Whose side the end of a call lies on. `customer`: the PBX or voice platform behind the trunk;
 * `plivo_setup`: trunk, URI, credit or permissions on the Plivo account; `caller_id_or_number`: the
 * number dialed or shown; `carrier`: the phone network or the callee; `plivo`: Plivo's own systems;
 * `limits`: the account's call limits; `none`: nobody's, the call went as calls go.
 */
export type HangupOwner =
	| 'customer'
	| 'plivo_setup'
	| 'caller_id_or_number'
	| 'carrier'
	| 'plivo'
	| 'limits'
	| 'none';

/** What a hangup code means, in whole sentences of at most 160 characters. */
export type HangupExplanation = {
	meaning: string;
	owner: HangupOwner;
	/** Whether something went wrong. A busy callee is nobody's fault. */
	is_fault: boolean;
	/** Whether the same call, placed again and unchanged, may go through. */
	retryable: boolean;
	fix: string;
};

const USE_COMMON_CODECS =
	'Offer the codecs PCMU or PCMA and telephone-event on the PBX or platform.';
const CHECK_PBX =
	'Check that the PBX or platform is online, and read its log at the time of the call.';
const RETRY_CARRIER = 'Call again later, and send Plivo support the call UUID if it keeps failing.';
const RETRY_PLIVO = 'Call again, and send Plivo support the call UUID if it happens again.';

/**
 * Every code of plivo.com/docs/sip-trunking/troubleshooting/zentrunk-hangup-codes (checked 2026-11-24). That
 * page says what a code means; whose side it is on, and what differs for inbound calls, follows from the party
 * that the page names and from the guide in Plivo's command-line tool (plivo/plivo-cli, skill plivo-sip-trunking,
 * which also names the SIP answers behind the codes, checked 2026-11-30): on an inbound call, a code mostly is the
 * answer of the PBX or platform to Plivo, on an outbound one that of Plivo or the carrier to the PBX.
 *
 * A row: code, direction where it matters, owner, fault or outcome, whether to retry, meaning; below it the fix.
 */
const TABLE = `
3000 none outcome: The call ended normally: the phone network side hung up.
	Nothing needs to be done.
3010 none outcome: The call ended normally: the side of your PBX or platform hung up.
	Nothing needs to be done, unless the call lasted 0 seconds: then read the log of the PBX or platform.
3020 customer fault, retry: The call was cut off because no audio arrived for a while.
	Check the network, and let UDP ports 10000 to 30000 through the firewall to and from Plivo.
3030 plivo_setup fault: The call was cut off because the Plivo account ran out of credit.
	Add credit to the Plivo account and turn on auto-recharge.
3040 customer fault, retry: The call was cut off because a change of its media settings was rejected.
	Check what your PBX or platform changes during a call, such as hold, transfer or codec.

4000 customer fault: The call request was malformed.
	Check the SIP messages of your PBX or platform before you call again.
4010 carrier fault, retry: The carrier did not accept the call because it failed to authenticate.
	${RETRY_CARRIER}
4020 plivo_setup fault: Plivo refused the call because it carried no valid authentication.
	Attach a credential or an IP access control list to the outbound trunk and use it on the PBX.
4030 plivo_setup fault: The call did not start because the Plivo account has no credit.
	Add credit to the Plivo account and turn on auto-recharge.
4040 carrier fault: The carrier refused the call.
	Check the number that was dialed, and ask Plivo support if many calls are refused.
4050 caller_id_or_number fault: Plivo has blocked the number and asks for verification.
	Ask Plivo support to verify the number.
4060 customer fault: Your PBX or platform failed to authenticate.
	Enter the username and password of the trunk’s credential on the PBX or platform.
4070 plivo_setup fault: Plivo found no trunk for the call.
	Have the PBX dial the exact trunk domain, and check that the trunk exists and is enabled.
4080 plivo_setup fault: Plivo found no route for the call: no trunk and URI match it.
	Route the phone number to an enabled inbound trunk that has a primary URI.
4090 inbound customer fault: Your PBX or platform does not know the number that was called (SIP 404).
	Add the number there, and check that the origination URI has the host of your own PBX or project.
4090 outbound carrier fault: The network found no route to the number that was dialed.
	Check that the number exists and is written in full, such as +14155550100.
4100 caller_id_or_number fault: The number that was dialed begins with a prefix that Plivo does not support.
	Dial the number with its country code, such as +14155550100.
4110 plivo_setup fault: The call was encrypted, but secure trunking is off for the trunk.
	Turn on 'Secure' for the trunk, or turn off TLS and SRTP on the PBX or platform.
4120 caller_id_or_number fault: The number that was dialed is not a valid phone number.
	Dial the number with plus sign and country code, such as +14155550100.
4130 caller_id_or_number fault: The caller ID contains something other than digits.
	Use one of your Plivo numbers as the caller ID, such as +14155550100.
4140 caller_id_or_number fault: The caller ID has fewer than six digits.
	Use one of your Plivo numbers in full as the caller ID, such as +14155550100.
4150 inbound customer fault: Your PBX or platform asked Plivo for a username and password.
	Accept calls from Plivo without one, or enter username and password on the origination URI.
4150 outbound carrier fault: The carrier asked for authentication that the call did not include.
	Send Plivo support the call UUID.
4160 carrier fault, retry: The carrier did not respond in time.
	${RETRY_CARRIER}
4170 inbound customer fault, retry: Your PBX or platform did not respond to Plivo in time.
	Check host, port and transport of the origination URI, the firewall, and that the PBX is online.
4170 outbound customer fault, retry: Your PBX or platform did not respond to Plivo in time.
	Check that the firewall and NAT of the PBX let Plivo’s messages in, and that the PBX is online.
4180 customer fault: Plivo refused the call: wrong username, password or sending address.
	Use the credential’s username and password on the PBX, or add its address to the IP list.
4190 caller_id_or_number fault: The caller ID is not a number of your Plivo account.
	Use a phone number that you rent from Plivo as the caller ID.
4200 caller_id_or_number fault: The caller ID is on the list of numbers that never make calls.
	Use another of your Plivo numbers as the caller ID.
4220 customer fault: The call offered a kind of media that is not supported.
	${USE_COMMON_CODECS}
4230 customer fault: The address that was called has a scheme that is not supported.
	Have the PBX call an address in the form sip:+14155550100@ followed by the trunk domain.
4270 customer fault: The session timer that the call asked for is too short.
	Raise the session interval (Session-Expires) on the PBX or platform.
4310 plivo_setup fault: The inbound trunk has no origination URI to send the call to.
	Attach a primary origination URI to the trunk.
4320 plivo_setup fault: The host of the origination URI could not be found.
	Correct the host of the URI, or its DNS record.
4330 plivo fault, retry: Plivo was temporarily unable to take the call.
	Call again, and slow down if you place many calls a second.
4340 inbound carrier fault, retry: The phone network was temporarily unavailable.
	${RETRY_CARRIER}
4340 outbound carrier outcome, retry: The callee could not be reached at that moment, for example because the phone was off.
	Call again later.
4350 inbound customer fault, retry: Your PBX or platform said that it is temporarily unavailable (SIP 480 or 503).
	Check that the PBX is online with a phone or agent registered, and add a fallback URI.
4350 outbound customer fault, retry: Your PBX or platform said that it is temporarily unavailable.
	${CHECK_PBX}
4360 customer fault, retry: Your PBX or platform sent a message that belongs to no call Plivo knows.
	Check that the PBX gives each call an ID of its own (Call-ID).
4370 customer fault: The call was routed in a loop.
	Check that no forwarding or route sends calls back to where they came from.
4380 customer fault: The call passed too many servers on its way.
	Send the call to Plivo over fewer SIP proxies, and check for a routing loop.
4410 inbound customer fault, retry: Your PBX or platform answered that it is busy (SIP 486): on LiveKit and the like, no dispatch rule or agent took the call.
	On a voice platform, check the dispatch rule and that its agent runs; on a PBX, that a phone is free and how many calls it takes at once.
4410 outbound carrier outcome, retry: The callee was busy.
	Call again later.
4420 inbound none outcome: The caller hung up before your PBX or platform answered.
	Nothing needs to be done, unless your side takes long to answer.
4420 outbound carrier fault, retry: The carrier cancelled the call before it was answered.
	${RETRY_CARRIER}
4430 customer fault: The two sides could not agree on the media of the call.
	${USE_COMMON_CODECS}
4440 plivo fault, retry: Plivo ended the call before it was answered.
	Send Plivo support the call UUID if it happens again.
4500 customer fault, retry: Your PBX or platform sent a request while another one was still open.
	Have the PBX wait for an answer before it changes the call again.
4520 customer fault: The call needs a security agreement that your PBX or platform did not offer.
	Set TLS and SRTP on the PBX or platform the way the trunk has them.
4540 plivo fault, retry: The call failed to authenticate between Plivo’s own systems.
	Send Plivo support the call UUID.
4550 inbound none outcome: The caller hung up before your PBX or platform answered.
	Nothing needs to be done, unless your side takes long to answer.
4550 outbound none outcome, retry: Your PBX or platform gave up before the call was answered.
	Nothing needs to be done, unless a dialer gives up after a second or two: then raise its timeout.
4560 plivo_setup fault: The account’s Geo Permissions do not allow calls to this country.
	Allow the country under Geo Permissions in the Plivo console, if you mean to call it.
4570 caller_id_or_number fault: Plivo does not allow calls to the number that was dialed.
	Take the number off your list, or ask Plivo support if the call is legitimate.
4580 customer fault: A SIP message of the call was malformed.
	Check the headers that your PBX or platform sends before you call again.
4590 customer fault: A call from or to India left the country, which Indian rules forbid.
	Use a platform host in India (signalling and media), and keep both ends of the call in India.
4610 customer fault: The address that was called has an invalid format.
	Correct the SIP address: number in full, then @ and the host.
4620 customer fault: The call offered no codec that the other side can use.
	${USE_COMMON_CODECS}
4630 carrier fault: The carrier did not accept the media that the call offered.
	Offer the codecs PCMU or PCMA and telephone-event, and SRTP on a secure trunk only.
4640 customer fault: Your PBX or platform did not accept the media that the call offered.
	${USE_COMMON_CODECS}
4650 plivo_setup fault: The account’s Geo Permissions block this destination.
	Allow the country under Geo Permissions in the Plivo console, if you mean to call it.

5000 carrier fault, retry: No carrier could take the call.
	${RETRY_CARRIER}
5010 plivo fault, retry: Plivo had no free capacity for the call.
	Call again later, and ask Plivo support for more capacity if it happens often.
5020 plivo fault: The call asked for something that Plivo does not support.
	Turn off the unusual SIP feature on the PBX or platform, or ask Plivo support.
5030 carrier fault: The call asked for something that the carrier does not support.
	Turn off the unusual SIP feature on the PBX or platform, or ask Plivo support.
5040 customer fault: Your PBX or platform does not support what the call asked for.
	Update the PBX or platform, or turn on the feature there.
5180 limits fault, retry: The account placed more calls per second than its limit allows.
	Start calls more slowly, or ask Plivo to raise the limit on calls per second.
5190 limits fault, retry: The account had more calls at once than its limit allows.
	Wait until calls have ended, or ask Plivo to raise the limit on concurrent calls.
5200 plivo fault, retry: A timer ran out at Plivo before the call was set up.
	${RETRY_PLIVO}
5220 customer fault: The call was cut off because your PBX or platform rejected a request (4xx).
	${CHECK_PBX}
5230 customer fault, retry: The call was cut off by an error of your PBX or platform (5xx or 6xx).
	${CHECK_PBX}
5240 customer fault, retry: The call was cut off because its audio did not get through.
	Check NAT and firewall: UDP ports 10000 to 30000 must be open to and from Plivo.
5250 plivo fault, retry: A service inside Plivo failed.
	${RETRY_PLIVO}
5260 plivo fault, retry: The routing inside Plivo failed.
	${RETRY_PLIVO}
5270 plivo fault, retry: A Plivo media server failed.
	${RETRY_PLIVO}
5290 plivo fault, retry: Plivo could not read the origination URI of the trunk.
	Call again, and check that the trunk has a primary URI if it happens again.
5300 carrier fault, retry: The carrier answered with a gateway error.
	${RETRY_CARRIER}
5310 carrier fault, retry: The call was cut off because the carrier rejected a request (4xx).
	${RETRY_CARRIER}
5320 carrier fault, retry: The call was cut off by an error of the carrier (5xx or 6xx).
	${RETRY_CARRIER}
5330 carrier fault, retry: The carrier took too long to set up the call.
	${RETRY_CARRIER}
5340 customer fault, retry: Your PBX or platform took too long to set up the call.
	${CHECK_PBX}
5350 carrier fault, retry: The carrier was temporarily unavailable.
	${RETRY_CARRIER}
5360 inbound customer fault, retry: Your PBX or platform was temporarily unavailable (SIP 480 or 503).
	Check that the PBX or platform is online, and add a fallback URI to the trunk.
5360 outbound customer fault, retry: Your PBX or platform was temporarily unavailable.
	${CHECK_PBX}

6000 inbound customer fault, retry: Your PBX or platform answered that every destination is busy.
	Check that a phone or agent is free, and how many calls the PBX takes at once.
6000 outbound carrier outcome, retry: The callee was busy on every line.
	Call again later.
6020 inbound customer fault: Your PBX or platform answered that the number does not exist there.
	Add the phone number on the PBX or platform, and route it to a phone or an agent there.
6020 outbound carrier fault: The number that was dialed does not exist.
	Correct the number, or take it off your list.
6030 inbound customer fault, retry: Nobody answered on your PBX or platform in time.
	Have an agent, a queue or voicemail answer before the time is up.
6030 outbound carrier outcome, retry: The callee did not answer in time.
	Call again later.
6040 inbound carrier fault, retry: The carrier declined the call.
	${RETRY_CARRIER}
6040 outbound carrier outcome: The callee or the callee’s carrier declined the call.
	Nothing needs to be done for one call; if many decline, check whether your caller ID is marked as spam.
6070 inbound customer fault: Your PBX or platform did not accept the call as it was offered.
	${USE_COMMON_CODECS}
6070 outbound carrier fault: The callee’s side did not accept the call as it was offered.
	${USE_COMMON_CODECS}
`;

const ROW = /^(\d+)( inbound| outbound|) (\w+) (fault|outcome)(, retry|): (.*)\n\t(.*)$/gm;

/** By code, and where the direction matters by code and direction. */
const EXPLANATIONS: ReadonlyMap<string, HangupExplanation> = new Map(
	Array.from(
		TABLE.matchAll(ROW),
		([, code, direction, owner, kind, retry, meaning = '', fix = '']) => [
			`${code}${direction}`,
			{
				meaning,
				owner: owner as HangupOwner,
				is_fault: kind === 'fault',
				retryable: retry !== '',
				fix,
			},
		],
	),
);

/** Who ended a call of which the code says nothing: `hangup_source` of the call record. */
const OWNER_BY_SOURCE: ReadonlyMap<string, HangupOwner> = new Map([
	['customer', 'customer'],
	['carrier', 'carrier'],
	['zentrunk', 'plivo'],
]);

/** Longest name that is quoted, so that a sentence stays short whatever Plivo sends. */
const MAX_NAME_LENGTH = 60;

function explainUnknown(call: PlivoRecord, code: string): HangupExplanation {
	const name = toText(call.hangup_cause_name).slice(0, MAX_NAME_LENGTH);
	const rest = {
		retryable: false,
		fix: 'Look the call up under Logs in the Plivo console, or send Plivo support its call UUID.',
	};
	if (code === '') {
		const meaning = name
			? `Plivo recorded no hangup code, only the name ${name}.`
			: 'Plivo recorded no reason for the end of the call.';
		return { meaning, owner: 'none', is_fault: false, ...rest };
	}
	const meaning = `Plivo ended the call with a hangup code not known here: ${code.slice(0, 10)} (${name || 'no name'}).`;
	if (isAnswered(call)) return { meaning, owner: 'none', is_fault: false, ...rest };
	const owner = OWNER_BY_SOURCE.get(toText(call.hangup_source).toLowerCase()) ?? 'none';
	return { meaning, owner, is_fault: true, ...rest };
}

/**
 * Explains why a call ended, by `hangup_cause_code` and `call_direction` of its record. Without a
 * direction the outbound reading is taken, as on Plivo's page. A code not on that page keeps Plivo's
 * `hangup_cause_name`, takes its owner from `hangup_source`, and is a fault if nobody answered.
 */
export function explainHangup(call: PlivoRecord): HangupExplanation {
	const code = toText(call.hangup_cause_code);
	const inbound = toText(call.call_direction).toLowerCase() === 'inbound';
	const explanation =
		EXPLANATIONS.get(code) ?? EXPLANATIONS.get(`${code} ${inbound ? 'inbound' : 'outbound'}`);
	return explanation ? { ...explanation } : explainUnknown(call, code);
}

/**
 * When a call counts as failed, wherever this package says so: the trigger's Call Failed, hangup_is_fault, and
 * the faults of a summary. It does count where your own PBX or platform is the one that is busy or doesn't answer:
 * on a voice platform that means that no agent took the call.
 */
export const FAILED_CALL =
	'A call failed because of a fault. Outbound calls that are busy or unanswered don’t count; inbound calls that your PBX or platform doesn’t take do.';

/** Why a call ended, as fields beside those of its record. */
export function hangupFields(call: PlivoRecord) {
	const { meaning, owner, is_fault, retryable, fix } = explainHangup(call);
	return {
		hangup_meaning: meaning,
		hangup_owner: owner,
		hangup_is_fault: is_fault,
		hangup_retryable: retryable,
		hangup_fix: fix,
	};
}

/** Whether a call failed, by the same table: {@link FAILED_CALL}. */
export const isFault = (call: PlivoRecord): boolean => explainHangup(call).is_fault;
