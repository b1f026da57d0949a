import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import { closeAccounts } from './account.mts';

/** Tests that wait little: for what a lost write has come to, and between attempts. The waits have tests of their own. */
export function quickly(): void {
	beforeEach(() => {
		jest.replaceProperty(settling, 'ms', 250);
		const random = Math.random.bind(Math);
		jest.spyOn(Math, 'random').mockImplementation(() => random() / 20);
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await closeAccounts();
	});
}
