import type { Answer } from './client.mts';
import { type Context, settle } from './context.mts';
import { create } from './create.mts';
import { IP_LISTS, NUMBERS, TRUNKS } from './kinds.mts';
import { pathOf, recordFrom } from './lists.mts';
import { because } from './read.mts';
import { deleteOwn, type Route, routeOf, wayBackName } from './undo.mts';
import { sendUntilAnswered } from './write.mts';

const ROUTE_FACT = 'a number is routed to a trunk';
const NULL_FACT = 'app_id null answers "changed" and does nothing';
const CLEAR_FACT = 'an empty app_id on a routed number';
const DETACH_FACT = 'the route of a deleted trunk’s number';

const FACTS = [
	['number.route', ROUTE_FACT],
	['number.null', NULL_FACT],
	['number.clear', CLEAR_FACT],
	['number.detach', DETACH_FACT],
] as const;

/** What the rows say when `--number` isn't there. */
export function leaveNumberOut({ findings }: Context): void {
	for (const [id, fact] of FACTS) findings.untold(id, fact, 'takes --write and --number');
}

/**
 * Tries on a number what clears its route. Its calls go nowhere meanwhile; where it was routed is noted in the name of
 * a record, so that `removeOwn` gives it back, also that of a later run.
 *
 * @param number digits only
 */
export async function tryNumber(
	context: Context,
	number: string,
	uri: string | undefined,
): Promise<void> {
	const { client, findings } = context;
	const path = pathOf(NUMBERS, number);
	const notDone = (why: string) => {
		for (const [id, fact] of FACTS) {
			if (!findings.all.some((finding) => finding.id === id)) findings.untold(id, fact, why);
		}
	};
	const readRoute = async (): Promise<Route | 'none' | undefined> => {
		const record = recordFrom(NUMBERS, await client.get(path));
		if (!record) return undefined;
		return record.application === null ? 'none' : routeOf(record.application);
	};
	const route = async (id: string | null) => {
		const { lostAt } = context;
		const answer = await sendUntilAnswered(context, () => client.post(path, { app_id: id }));
		// What was sent before may be carried out after this; only then what is read back tells something.
		if (context.lostAt !== lostAt) await settle(context);
		return answer;
	};

	const before = await client.get(path);
	const wayBack = routeOf(recordFrom(NUMBERS, before)?.application);
	if (before.status === 404) return notDone('the number is not on this account');
	if (before.status !== 200) return notDone(`the number: ${because(before)}`);
	// Nothing is known to take a route away for certain: this state could not be put back.
	if (!wayBack) return notDone('the number has no route to a trunk or application to go back to');
	const target = wayBack.kind === 'app' ? `Application/${wayBack.id}/` : pathOf(TRUNKS, wayBack.id);
	if ((await client.get(target)).status !== 200) {
		return notDone('what the number routes to is gone, so that it could not be routed back');
	}
	if (uri === undefined) return notDone('no origination URI could be made');
	const note = await create(
		context,
		IP_LISTS,
		{ name: wayBackName(context.run, number, wayBack) },
		() => ({
			ip_addresses: ['192.0.2.1'],
		}),
	);
	if (note.outcome !== 'made') return notDone('the way back could not be noted');
	const trunk = await create(context, TRUNKS, { label: 'number' }, () => ({
		trunk_direction: 'inbound',
		primary_uri_uuid: uri,
	}));
	if (trunk.outcome !== 'made') return notDone('the trunk could not be made');
	const isRouted = (now: Route | 'none' | undefined) =>
		typeof now === 'object' && now.kind === 'trunk' && now.id === trunk.id;

	context.progress('routing the number to a trunk of the check');
	const routed = await route(trunk.id);
	if (!isRouted(await readRoute())) {
		findings.add('number.route', ROUTE_FACT, 'different', `${routed.status}, and it is not`);
		return notDone('the number could not be routed');
	}
	findings.add(
		'number.route',
		ROUTE_FACT,
		routed.status === 202 ? 'expected' : 'different',
		`${routed.status}, and it is`,
	);

	const nulled = await route(null);
	const stays = isRouted(await readRoute());
	const nullSeen = `${nulled.status}, and ${stays ? 'the route is as before' : 'it changes the route'}`;
	const asKnown = nulled.status === 202 && stays;
	findings.add('number.null', NULL_FACT, asKnown ? 'expected' : 'different', nullSeen);
	if (!stays) await route(trunk.id);

	const cleared = await route('');
	judgeClearing(context, cleared, await readRoute(), isRouted);
	if (!isRouted(await readRoute())) await route(trunk.id);
	if (!isRouted(await readRoute())) return notDone('the number could not be routed again');

	if (!(await deleteOwn(context, TRUNKS, trunk.id))) return notDone('the trunk was not deleted');
	const after = await readRoute();
	if (after === undefined) return notDone('the number could not be read back');
	const detach = (value: string, seen: string) =>
		findings.addVariant('number.detach', DETACH_FACT, { name: 'detach', value }, seen);
	if (after === 'none') detach('gone', 'gone');
	else if (isRouted(after)) detach('dead', 'still the dead trunk');
	else detach('elsewhere', 'goes elsewhere');
}

function judgeClearing(
	{ findings }: Context,
	answer: Answer,
	after: Route | 'none' | undefined,
	isRouted: (route: Route | 'none' | undefined) => boolean,
): void {
	const add = (value: string, seen: string) =>
		findings.addVariant('number.clear', CLEAR_FACT, { name: 'clear', value }, seen);
	const { status } = answer;
	if (after === 'none') return add('clears', `${status}, and the route is gone`);
	if (status >= 400 && status < 500 && isRouted(after)) return add('refused', `refused: ${status}`);
	if (status < 300 && isRouted(after)) return add('ignored', `${status}, and nothing changes`);
	findings.untold('number.clear', CLEAR_FACT, because(answer));
}
