package import Reporting

/// Reads documents of every format, one after another, keeping its buffers and parser.
///
/// Not for use by two threads at once; each worker has its own. Pure: no file, no clock, no network.
package final class DocumentReader {
    package let limits: Limits

    package init(limits: Limits = .standard) {
        self.limits = limits
    }
}
