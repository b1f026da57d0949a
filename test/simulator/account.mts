import axios, { type AxiosInstance, type AxiosResponse } from 'axios';

import type { Simulator } from '../../simulator/simulator.mts';

/** Talks to the simulator's account as any client would; every status is an answer. */
export function accountOf(simulator: Simulator, authorization?: string): AxiosInstance {
	const { url, authId, authToken } = simulator;
	return axios.create({
		baseURL: `${url}/Account/${authId}/`,
		...(authorization
			? { headers: { Authorization: authorization } }
			: { auth: { username: authId, password: authToken } }),
		validateStatus: () => true,
		maxRedirects: 0,
	});
}

/** Status and error text of an answer, whatever its shape. */
export function refusalOf({ status, data }: AxiosResponse): [number, string] {
	return [status, data.error ?? data.message ?? data.data?.error ?? data];
}
