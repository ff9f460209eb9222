package import Custody
package import DurableFiles

/// A place that documents come from by being looked at again and again.
package protocol DocumentSource: Sendable {
    var name: String { get }
    /// How long to wait between two rounds when there is nothing to do.
    var pollMilliseconds: Int64 { get }

    /// Makes its folders ready. Only under their lock.
    func prepare() throws(FileError)

    /// Takes what is there, up to a bound, and finishes what it took. One fault holds up no other document.
    func round() -> RoundSummary
}

/// What one round came to.
package struct RoundSummary: Sendable {
    /// What stood in the way of one document or of all, without its name.
    package struct Problem: Sendable, Hashable {
        package var action: String
        package var reason: String
        package var code: Int32

        package init(_ error: FileError) {
            action = error.action
            reason = error.reason
            code = error.code
        }

        package init(action: String, reason: String) {
            self.action = action
            self.reason = reason
            code = 0
        }
    }

    /// Documents that were committed, and where each is now.
    package var ends: [(name: String, path: String, disposition: Disposition)] = []
    /// Documents that were set aside without being taken, such as those too large to be read.
    package var setAside: [(name: String, path: String, note: String)] = []
    /// Documents that may still be written to.
    package var unsettled = 0
    /// Files that are there and may be documents; more than the bound count as the bound.
    package var waiting = 0
    package var problems: [Problem] = []
    /// Why nothing could be committed; all that was claimed stays and comes first in the next round.
    package var storeError: CustodyError?
    /// Whether it stopped at its bound, with more to do.
    package var hasMore = false

    package init() {}
}
