import { checkedBoolean } from '../../input/boolean';
import { withHangup } from '../../knowledge/hangup';
import { CALL } from '../../records/call';
import { without } from '../../records/kind';
import type { Operation } from '../../run/operation';
import { type View, viewOf } from '../read';

/** A call's record, with why it ended unless Explain Hangup is off. */
export function callView(operation: Operation): View {
	const view = viewOf(operation, CALL);
	if (!checkedBoolean('Explain Hangup', operation.options.explainHangup ?? true)) return view;
	return (call) => ({ ...view(call), ...without(withHangup(call), ...Object.keys(call)) });
}
