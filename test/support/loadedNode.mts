import { DirectoryLoader } from 'n8n-core';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';

/** The node as n8n loads it: with the request options that n8n gives to every declarative node. */
export class LoadedNode extends PlivoSipTrunking {
	constructor() {
		super();
		DirectoryLoader.applyDeclarativeNodeOptionParameters(this);
	}
}

/** The node as an AI agent's tool: by another name (n8n 2.41.1, convertNodeToAiTool, for what is `usableAsTool`). */
export class ToolNode extends PlivoSipTrunking {
	constructor() {
		super();
		this.description = { ...this.description, name: 'plivoSipTrunkingTool' };
	}
}
