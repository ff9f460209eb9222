package import DurableFiles
import Synchronization

/// A place that documents come from by being looked at again and again, safe to hand from thread to thread.
package final class DocumentSource: Sendable {
    package let name: String
    /// The folder that is looked at.
    package let folder: String
    /// How long to wait between two rounds when there is nothing to do.
    package let pollMilliseconds: Int64
    /// Where documents lie that are done with.
    package let done: String
    private let kind: Mutex<Kind>

    private enum Kind {
        case folder(FolderSource)
        case mesh(MeshFolderSource)
    }

    package init(_ source: sending FolderSource, folder: String, pollMilliseconds: Int64) {
        name = source.name
        self.folder = folder
        self.pollMilliseconds = pollMilliseconds
        done = source.done
        kind = Mutex(.folder(source))
    }

    package init(_ source: sending MeshFolderSource, folder: String, pollMilliseconds: Int64) {
        name = source.name
        self.folder = folder
        self.pollMilliseconds = pollMilliseconds
        done = source.done
        kind = Mutex(.mesh(source))
    }

    /// Takes what is ready, up to a bound, and finishes what it took. One fault holds up no other document.
    /// - Throws: When the folder itself cannot be worked on.
    package func round() throws(FileError) -> RoundSummary {
        let result: Result<RoundSummary, FileError> = kind.withLock { kind in
            do throws(FileError) {
                switch kind {
                case .folder(let source): return .success(try source.round())
                case .mesh(let source): return .success(try source.round())
                }
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
