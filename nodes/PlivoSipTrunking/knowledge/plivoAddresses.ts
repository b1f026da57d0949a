/**
 * Where Plivo's calls come from, signaling (5060 over UDP and TCP, 5061 over TLS) and media (UDP 10000 to
 * 30000) alike: plivo.com/docs/sip-trunking, checked 2026-11. An older page there lists eight of them.
 */
export const PLIVO_ADDRESSES: readonly [string, ...string[]] = [
	'13.52.9.0/25',
	'216.120.187.128/26',
	'18.214.109.128/25',
	'18.215.142.0/26',
	'204.89.148.128/26',
	'3.120.121.128/26',
	'18.228.70.64/26',
	'54.233.191.0/27',
	'13.238.202.192/26',
	'18.136.1.128/26',
	'204.89.149.128/27',
	'15.207.90.192/31',
	'204.89.151.128/27',
	'204.89.151.160/27',
];

/** The first address of the first block: for what takes one as an example. */
export const EXAMPLE_ADDRESS = PLIVO_ADDRESSES[0].replace(/\/.*/, '');
