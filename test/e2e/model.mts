/** A scripted stand-in for a language model, with OpenAI's chat completions on 127.0.0.1. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a chat request says about a tool. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, unknown> };
}

interface ChatRequest {
	model: string;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: OfferedTool }>;
}

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

	function answerTo({ messages, tools = [] }: ChatRequest) {
		offered.splice(0, Infinity, ...tools.map((tool) => tool.function));
		const last = messages.at(-1);
		if (last?.role === 'tool' || offered.length === 0) {
			toolAnswers.push(String(last?.content));
			return { content: sentence };
		}
		const [{ name, parameters }] = offered;
		const filled = Object.keys(parameters.properties).map((key) => [key, fill(key)]);
		const call = { name, arguments: JSON.stringify(Object.fromEntries(filled)) };
		return { content: null, tool_calls: [{ id: 'call-1', type: 'function', function: call }] };
	}

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
		offered,
		toolAnswers,
		close: () => void server.close(),
	};
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const part of request) text += String(part);
	return text;
}
