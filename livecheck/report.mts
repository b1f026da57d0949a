import type { CheckResult } from './check.mts';
import { type Finding, type Verdict, variantsOf } from './findings.mts';

const VERDICTS: Record<Verdict, string> = {
	expected: 'as expected',
	variant: 'as expected (variant)',
	different: 'DIFFERENT',
	untold: 'could not be told',
};

/** Longer ones are cut in the terminal; the report has them whole. */
const WIDEST_FACT = 66;

/** What a run can be told by from another one, besides its findings. */
export interface RunFacts {
	/** When it ended, as an ISO time. */
	at: string;
	mode: 'read' | 'write' | 'write and number';
}

/** The differences that a run found; records that are left over are one, too. */
export const isAsExpected = ({ findings, left }: CheckResult) =>
	left.length === 0 && findings.every(({ verdict }) => verdict !== 'different');

/** The table, for a terminal. */
export function tableOf(findings: readonly Finding[]): string {
	const rows = findings.map(({ fact, seen, verdict }) => [fact, VERDICTS[verdict], seen] as const);
	const head = ['Fact', 'As expected?', 'Seen'] as const;
	const widthOf = (column: 0 | 1) =>
		Math.min(WIDEST_FACT, Math.max(...[head, ...rows].map((row) => row[column].length)));
	const widths = [widthOf(0), widthOf(1)] as const;
	const line = (row: readonly [string, string, string]) =>
		`${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`;
	return [line(head), ...rows.map(line)].join('\n');
}

/** In words what came of it. */
export function summaryOf(result: CheckResult): string {
	const { findings, unfinished, left } = result;
	const count = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length;
	const variants = Object.entries(variantsOf(findings)).map(([name, value]) => `${name}=${value}`);
	const counts = [
		`${count('expected') + count('variant')} as expected`,
		`${count('different')} different`,
		`${count('untold')} could not be told`,
	];
	return [
		`${counts.join(', ')}.`,
		...(variants.length > 0
			? [`The simulator acts like this account with: --variant ${variants.sort().join(',')}`]
			: []),
		...(unfinished ? [`The check is not complete: ${unfinished}.`] : []),
		...left.map((problem) => `Left in the account: ${problem}.`),
		...(left.length > 0
			? ['Run npm run check:live -- --write again: it begins with removing what is left.']
			: []),
	].join('\n');
}

export function jsonOf(result: CheckResult, run: RunFacts): string {
	const { findings, unfinished, left } = result;
	const report = {
		...run,
		asExpected: isAsExpected(result),
		...(unfinished && { unfinished }),
		...(left.length > 0 && { left }),
		variants: variantsOf(findings),
		findings,
	};
	return `${JSON.stringify(report, null, '\t')}\n`;
}

export function markdownOf(result: CheckResult, { at, mode }: RunFacts): string {
	const cell = (text: string) => text.replace(/\|/g, '\\|');
	const rows = result.findings.map(
		({ fact, seen, verdict }) => `| ${cell(fact)} | ${cell(seen)} | ${VERDICTS[verdict]} |`,
	);
	return `${[
		'# Live check of a Plivo account',
		'',
		`${at}, mode: ${mode}. Only names of fields, types and formats: no value of the account.`,
		'',
		...summaryOf(result)
			.split('\n')
			.flatMap((line) => [line, '']),
		'| Fact | Seen | As expected? |',
		'| --- | --- | --- |',
		...rows,
	].join('\n')}\n`;
}
