import { nth, only } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { byId, closeAccounts, type Json, newAccount, run, sentTo } from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const PATH = '/Zentrunk/Credential/';
const path = (id: unknown) => `${PATH}${String(id)}/`;
const passwordOf = (id: unknown) => plivo.state.credentials.get(String(id))?.password;

const shown = ({ password: _password, ...record }: Json) => record;
const secret = 'S3cret_words!';

describe('create', () => {
	it('makes a credential and answers it without its password', async () => {
		const { items, run: execution } = await run(plivo, 'credential', 'create', {
			name: 'Acme',
			username: 'acmepbx01',
			password: secret,
		});
		const [id] = [...plivo.state.credentials.keys()];
		const fields = { name: 'Acme', username: 'acmepbx01' };
		expect(items).toEqual([{ json: { credential_uuid: id, ...fields }, pairedItem: { item: 0 } }]);
		// A password can't be compared: what is there already is looked at first.
		expect(sentTo(plivo)).toEqual([
			[`GET ${PATH}?limit=20&offset=0`],
			[`POST ${PATH}`, { ...fields, password: secret }],
		]);
		expect(JSON.stringify(execution.data.resultData)).not.toContain(secret);
	});

	it('takes every field from an expression, one item each', async () => {
		const items = [
			{ name: 'One', username: 'user1', password: 'pass#1' },
			{ name: 'Two', username: 'user2', password: 'pass#2' },
		];
		const result = await run(
			plivo,
			'credential',
			'create',
			{
				name: '={{ $json.name }}',
				username: '={{ $json.username }}',
				password: '={{ $json.password }}',
			},
			{ items },
		);
		expect(result.error).toBeUndefined();
		expect(sentTo(plivo).flatMap(([, body]) => body ?? [])).toEqual(items);
		expect(result.items.map(({ json, pairedItem }) => [json.username, pairedItem])).toEqual([
			['user1', { item: 0 }],
			['user2', { item: 1 }],
		]);
	});
});

describe('upsert', () => {
	const upsert = () =>
		run(plivo, 'credential', 'upsert', { name: 'Acme', username: 'acmepbx01', password: secret });

	it('sets the password of what is there, since it cannot be compared', async () => {
		const there = plivo.addCredential({ name: 'Acme', username: 'acmepbx01' });
		const { json } = await upsert();
		expect(json).toEqual([{ ...shown(there), created: false, changed: true }]);
		expect(passwordOf(there.credential_uuid)).toBe(secret);
		expect(sentTo(plivo).filter(([line]) => !line.startsWith('GET'))).toEqual([
			[
				`POST ${path(there.credential_uuid)}`,
				{ name: 'Acme', username: 'acmepbx01', password: secret },
			],
		]);
	});
});

describe('update', () => {
	const update = (id: unknown, parameters: Json, items?: Json[]) =>
		run(plivo, 'credential', 'update', { credentialId: byId(id), ...parameters }, { items });

	it('carries the username along with a password', async () => {
		const there = plivo.addCredential({ username: 'acmepbx01' });
		const { json } = await update(there.credential_uuid, { password: secret });
		expect(sentTo(plivo)).toEqual([
			[`GET ${path(there.credential_uuid)}`],
			[`POST ${path(there.credential_uuid)}`, { username: 'acmepbx01', password: secret }],
		]);
		expect(json).toEqual([shown(there)]);
	});

	it('changes name and username, from expressions too', async () => {
		const there = plivo.addCredential();
		const fields = { name: 'New', username: 'newuser1' };
		const { json } = await update(
			there.credential_uuid,
			{
				password: '={{ $json.password }}',
				updateFields: { name: '={{ $json.name }}', username: '={{ $json.username }}' },
			},
			[{ ...fields, password: secret }],
		);
		expect(nth(sentTo(plivo), 1)[1]).toEqual({ ...fields, password: secret });
		expect(json).toEqual([{ credential_uuid: there.credential_uuid, ...fields }]);
	});

	it('never goes out without a password: that would blank it', async () => {
		const there = plivo.addCredential({ password: 'Old_secret' });
		await expect(
			update(there.credential_uuid, { password: '', updateFields: { name: 'New' } }),
		).rejects.toThrow('Parameter "Password" is required');
		const { error } = await update(
			there.credential_uuid,
			{ password: '={{ $json.nothing }}', updateFields: { name: 'New' } },
			[{}],
		);
		expect(error?.message).toBe("'Password' is empty");
		expect(sentTo(plivo)).toEqual([]);
		expect(passwordOf(there.credential_uuid)).toBe('Old_secret');
	});
});

describe('rotatePassword', () => {
	const rotate = (id: unknown, options: Json = {}) =>
		run(plivo, 'credential', 'rotatePassword', { credentialId: byId(id), options });

	it('sets a new password and answers it this once', async () => {
		const there = plivo.addCredential({ password: 'Old_secret' });
		const { json } = await rotate(there.credential_uuid);
		const password = passwordOf(there.credential_uuid);
		expect(json).toEqual([{ ...shown(there), password }]);
		expect(password).toHaveLength(20);
		expect(sentTo(plivo)[1]).toEqual([
			`POST ${path(there.credential_uuid)}`,
			{ username: there.username, password },
		]);
	});

	it('makes it as long as it is told to', async () => {
		const there = plivo.addCredential();
		const { json } = await rotate(there.credential_uuid, { length: 5 });
		expect(only(json).password).toHaveLength(5);
	});

	it('says what is left of the old password when the answer is lost', async () => {
		const there = plivo.addCredential({ password: 'Old_secret' });
		plivo.faults.add({ method: 'POST', faults: [{ kind: 'resetAfter' }] });
		const { error } = await rotate(there.credential_uuid, { maxRetries: 0 });
		expect(error?.message).toContain('The old password may no longer work');
		expect(error?.description).toMatch(/^Run Rotate Password again/);
		const [sent] = sentTo(plivo).flatMap(([, body]) => (body ?? []) as { password: string }[]);
		expect(passwordOf(there.credential_uuid)).toBe(sent?.password);
		expect(JSON.stringify(error)).not.toContain(sent?.password);
	});

	it('says nothing of the old password when Plivo has refused the new one', async () => {
		const there = plivo.addCredential({ password: 'Old_secret' });
		plivo.faults.add({ method: 'POST', faults: [{ kind: 'status', status: 400 }] });
		const { error } = await rotate(there.credential_uuid);
		expect(error?.message).toContain('Plivo refused the request as invalid');
		expect(error?.message).not.toContain('old password');
		expect(passwordOf(there.credential_uuid)).toBe('Old_secret');
	});

	it.each([4, 21, 7.5])('refuses a length of %p', async (length) => {
		const there = plivo.addCredential();
		const { error } = await rotate(there.credential_uuid, { length });
		expect(error?.message).toBe(`'Length' is ${length}, but must be a whole number from 5 to 20`);
		expect(sentTo(plivo)).toEqual([]);
	});
});

describe('a password that Plivo gives back', () => {
	it.each(['get', 'getAll', 'update'])('is in no output of %s', async (operation) => {
		const { password, ...record } = plivo.addCredential({ password: 'Old_secret' });
		const body = { ...record, password };
		const list = { meta: { total_count: 1, limit: 20, offset: 0 }, objects: [body] };
		plivo.faults.add({
			method: 'GET',
			faults: [{ kind: 'status', status: 200, body: operation === 'getAll' ? list : body }],
		});
		const { json, error } = await run(plivo, 'credential', operation, {
			credentialId: byId(record.credential_uuid),
			...(operation === 'update' && { password: secret }),
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([record]);
	});
});
