/**
 * Most of what a test makes lives for a moment: with more room for it, it is collected less often. The workers, which
 * begin after this, inherit it.
 */
export default function giveRoom() {
	process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --max-semi-space-size=32`.trim();
}
