import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { read } from '../transport/read';
import { withAmounts } from './amounts';
import { type AccountRecord, without } from './kind';

/**
 * The account's own record: `name`, `account_type`, `billing_mode`, `cash_credits` (text, here a number), `auto_recharge`,
 * `timezone` (live; plivo.com/docs/account/api/overview).
 *
 * @throws PlivoFailure
 */
export async function readAccount(channel: Channel): Promise<IDataObject> {
	const body = await read(channel, {
		path: '/',
		subject: 'account with this Auth ID',
		flaw: (answer) => (Object.keys(shown(answer)).length > 0 ? undefined : 'has no account in it'),
	});
	return shown(body);
}

/** A subaccount's record has its token in it (plivo.com/docs/account/api/subaccount); no output has one. */
const shown = (record: AccountRecord) => withAmounts(without(record, 'api_id', 'auth_token'));
