/** The rules of the core, each with what takes it out: a simulation that doesn't notice is no proof. */
import type { Edit } from './core.mts';
import type { Recipe } from './generate.mts';

export interface Sabotage {
	/** What is taken out. */
	readonly rule: string;
	readonly edits: readonly Edit[];
	/** Histories that need the rule. */
	readonly focus?: Recipe['focus'];
	/** The absolute promise that rests on it: `npm test` takes it out as well. */
	readonly absolute?: 'never twice' | "never somebody else's record" | 'never cut off';
}

export const SABOTAGES: readonly Sabotage[] = [
	{
		rule: 'pages overlap, and the record at the seam must be the same',
		focus: 'lists',
		edits: [
			{
				file: 'records/list.ts',
				from: 'const STEP = PAGE_SIZE - 1;',
				to: 'const STEP = PAGE_SIZE;',
			},
			{
				file: 'records/list.ts',
				from: 'return last !== undefined && first !== undefined && idOf(kind, last) === idOf(kind, first);',
				to: 'void [last, first]; return true;',
			},
			{
				file: 'records/list.ts',
				from: 'return next.records.some((record) => ids.has(idOf(kind, record)));',
				to: 'void [ids, next]; return true;',
			},
		],
	},
	{
		rule: 'what got no answer may still be carried out for a while',
		absolute: 'never twice',
		edits: [
			{
				file: 'transport/settling.ts',
				from: 'export const settling = { ms: 6_000 };',
				to: 'export const settling = { ms: 0 };',
			},
		],
	},
	{
		rule: 'what is referred to is held',
		edits: [
			{
				file: 'changes/update.ts',
				from: 'referencesOf(kind, fields).map((reference) => recordClaim(reference.kind, reference.id, true));',
				to: 'referencesOf(kind, fields).slice(0, 0).map((reference) => recordClaim(reference.kind, reference.id, true));',
			},
		],
	},
	{
		rule: 'after a create it is looked for a twin of another process',
		absolute: 'never twice',
		edits: [
			{
				file: 'changes/ensure.ts',
				from: 'await settle(channel, twinsIn(kind, made.record));',
				to: '{ own: made.record, winner: undefined as IDataObject | undefined };',
			},
		],
	},
	{
		rule: 'a create refuses a name that is taken',
		absolute: "never somebody else's record",
		edits: [
			{
				file: 'changes/create.ts',
				from: 'if (wasAbsent && isMeant)',
				to: 'if (isMeant)',
			},
		],
	},
	{
		rule: 'what is in use is not deleted',
		absolute: 'never cut off',
		edits: [
			{
				file: 'changes/remove.ts',
				from: 'if (objection) return { refuse: objection.failure };',
				to: 'void objection;',
			},
		],
	},
	{
		rule: 'nothing leaves before all items have begun',
		edits: [
			{
				file: 'run/run.ts',
				from: 'await allBegun(current, setup);',
				to: 'void allBegun;',
			},
		],
	},
	{
		rule: 'numbers are rented for an alias one after the other',
		focus: 'renting',
		edits: [
			{
				file: 'changes/rent.ts',
				from: '[identityClaim(PHONE_NUMBER, { alias: wanted.alias })]',
				to: '[identityClaim(PHONE_NUMBER, { alias: wanted.alias })].slice(1)',
			},
		],
	},
];
