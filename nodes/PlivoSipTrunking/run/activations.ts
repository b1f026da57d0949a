/** A polling trigger from the activation of its workflow to the end of it. */
interface Activation {
	/** A poll is under way: n8n may ask for the next one before it has ended. */
	isPolling: boolean;
	/** It has polled before. */
	hasPolled: boolean;
}

/**
 * By n8n's context: it makes one when a workflow is activated and polls with it until the workflow is
 * switched off, changed or n8n ends.
 */
const activations = new WeakMap<object, Activation>();

/** @param context n8n's context of the poll */
export function activationOf(context: object): Activation {
	let activation = activations.get(context);
	if (!activation) {
		activation = { isPolling: false, hasPolled: false };
		activations.set(context, activation);
	}
	return activation;
}
