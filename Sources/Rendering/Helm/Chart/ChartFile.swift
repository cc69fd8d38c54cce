/// A file of a chart, its path relative to the chart's folder.
package struct ChartFile: Sendable {
    package let name: String
    package let bytes: [UInt8]
}
