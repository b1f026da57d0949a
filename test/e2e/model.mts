/** A scripted stand-in for a language model, with OpenAI's chat completions on 127.0.0.1. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { first } from '../support/elements.mts';

/** What a chat request says about a tool. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, unknown> };
}

/** What a model is asked. */
export interface ChatRequest {
	model: string;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: OfferedTool }>;
}

/** What a model answers: a sentence, or calls of tools. */
export interface ChatAnswer {
	content: string | null;
	tool_calls?: Array<{
		id: string;
		type: 'function';
		function: { name: string; arguments: string };
	}>;
}

/** A call of a tool as a model answers it. */
export const toolCall = (name: string, args: unknown, id = 'call-1'): ChatAnswer => ({
	content: null,
	tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});

export interface Model {
	/** For the OpenAI credential's Base URL. */
	readonly url: string;
	/** The tools that the last request offered. */
	readonly offered: OfferedTool[];
	/** What the tool answered, as the model got it. */
	readonly toolAnswers: string[];
	close(): void;
}

/**
 * Starts a model that calls the first tool it is offered, once, and then answers with a sentence.
 *
 * @param fill the argument for each parameter of the tool, by its name
 */
export async function startModel(
	fill: (parameter: string) => unknown,
	sentence: string,
): Promise<Model> {
	const offered: OfferedTool[] = [];
	const toolAnswers: string[] = [];

	function answerTo({ messages, tools = [] }: ChatRequest): ChatAnswer {
		offered.splice(0, Infinity, ...tools.map((tool) => tool.function));
		const last = messages.at(-1);
		if (last?.role === 'tool' || offered.length === 0) {
			toolAnswers.push(String(last?.content));
			return { content: sentence };
		}
		const { name, parameters } = first(offered);
		const filled = Object.keys(parameters.properties).map((key) => [key, fill(key)]);
		return toolCall(name, Object.fromEntries(filled));
	}

	return { ...(await serveModel(answerTo)), offered, toolAnswers };
}

/** Starts a model that answers what a script says. */
export async function serveModel(
	answerTo: (request: ChatRequest) => ChatAnswer,
): Promise<Pick<Model, 'url' | 'close'>> {
	const server = createServer(async (request, response) => {
		const asked = JSON.parse(await textOf(request)) as ChatRequest;
		const message = answerTo(asked);
		const finish_reason = message.tool_calls ? 'tool_calls' : 'stop';
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				id: 'chat-1',
				object: 'chat.completion',
				created: 0,
				model: asked.model,
				choices: [{ index: 0, finish_reason, message: { role: 'assistant', ...message } }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	});
	await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		close: () => void server.close(),
	};
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const part of request) text += String(part);
	return text;
}
