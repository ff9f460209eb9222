import CPosix
import DurableFiles
import Glibc

/// What starting took and running does not need: a gateway that waits should not hold it for months.
enum StartUpMemory {
    /// Gives back the holes that compiling the mappings left in the heap, and the pages of program text that were read in for
    /// it. Text that is called again comes back from the page cache by itself.
    static func giveBack() {
        malloc_trim(0)
        guard let maps = try? Files.read("/proc/self/maps") else { return }
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            guard let range = textRange(line), let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else {
                continue
            }
            // A refusal costs nothing but the memory.
            _ = madvise(start, range.count, MADV_DONTNEED)
        }
    }

    /// The addresses of a line of `maps` (proc(5)) that is text of a file: readable, executable, never written.
    private static func textRange(_ line: Substring) -> Range<UInt>? {
        let columns = line.split(separator: " ", omittingEmptySubsequences: true)
        guard columns.count >= 6, columns[1] == "r-xp", columns[5].hasPrefix("/") else { return nil }
        let ends = columns[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
