/// What ends a template that would not end by itself.
package struct EvaluationLimits: Sendable {
    /// How long a rendering may take, in seconds.
    package var secondsMax: Double = 120
    /// How many bytes a rendering may write in all.
    package var outputBytesMax = 512 << 20
    /// How many bytes one text may have that a function makes.
    package var textBytesMax = 256 << 20
    /// How many elements a list may have that a function makes.
    package var elementsMax = 10_000_000
    /// How deep templates may call one another; Go's own bound.
    package var depthMax = 100_000
    /// How many bytes of the thread's stack may be used.
    package var stackBytesMax = 8 << 20

    package init() {}
}
