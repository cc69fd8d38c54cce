/// What ends a template that would not end by itself.
package struct EvaluationLimits: Sendable {
    /// How long a rendering may take, in seconds: large charts take a tenth of one.
    package var secondsMax: Double = 30
    /// How many bytes more than at its start the process may have during a rendering.
    package var memoryBytesMax = 1 << 30
    /// How many bytes a rendering may write in all.
    package var outputBytesMax = 128 << 20
    /// How many bytes one text may have that a function makes.
    package var textBytesMax = 64 << 20
    /// How many elements a list may have that a function makes.
    package var elementsMax = 2_000_000
    /// How often values may be put into lists and maps; it bounds how deep they nest.
    package var nestingsMax = 1_000_000
    /// How deep templates may call one another; Go's own bound.
    package var depthMax = 100_000
    /// How deep `include` and `tpl` may stand in one another: each level adds its part to an error's text.
    package var callsMax = 5_000
    /// How many bytes of the thread's stack may be used.
    package var stackBytesMax = 8 << 20

    package init() {}
}
