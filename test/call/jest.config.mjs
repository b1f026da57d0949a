/** Real calls: Kamailio as Plivo's edge, SIPp as the phone network, baresip as the PBX, on loopback alone. */
import base from '../../jest.config.js';

export default {
	...base,
	rootDir: '../..',
	roots: ['<rootDir>/test/call'],
	testPathIgnorePatterns: [],
	maxWorkers: 1,
	testTimeout: 60_000,
};
