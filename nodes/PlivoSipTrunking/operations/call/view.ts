import { checkedBoolean } from '../../input/boolean';
import { hangupFields } from '../../knowledge/hangup';
import { CALL } from '../../records/call';
import type { Operation } from '../../run/operation';
import { extentOf, type View, viewOf } from '../read';

/** A call's record, with why it ended unless Explain Hangup is off. */
export function callView(operation: Operation): View {
	const view = viewOf(operation, CALL);
	if (!checkedBoolean('Explain Hangup', operation.options.explainHangup ?? true)) return view;
	// With fields that are chosen, those of the explanation are chosen too.
	if (Array.isArray(extentOf(operation))) {
		return (call) => view({ ...call, ...hangupFields(call) });
	}
	return (call) => ({ ...view(call), ...hangupFields(call) });
}
