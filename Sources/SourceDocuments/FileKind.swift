import Reporting

/// What a file that is no document looks like by its first bytes.
enum FileKind {
    /// First bytes, what to call such a file, and whether it is an archive or compressed.
    private static let marks: [(bytes: [UInt8], name: String, isCompressed: Bool)] = [
        ([0x1F, 0x8B], "a gzip file", true),
        ([0x50, 0x4B, 0x03, 0x04], "a zip file, or a word-processor or spreadsheet file", true),
        ([0x50, 0x4B, 0x05, 0x06], "an empty zip file", true),
        ([0x42, 0x5A, 0x68], "a bzip2 file", true),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", true),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", true),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z file", true),
        ([0x52, 0x61, 0x72, 0x21], "a rar file", true),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture", false),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture", false),
        ([0x47, 0x49, 0x46, 0x38], "a GIF picture", false),
        ([0x49, 0x49, 0x2A, 0x00], "a TIFF picture", false),
        ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF picture", false),
        ([0x25, 0x50, 0x44, 0x46, 0x2D], "a PDF", false),
        ([0x7B, 0x25], "a page template (`{% … %}`)", false),
        ([0x7B, 0x5C, 0x72, 0x74, 0x66], "a rich-text (RTF) file", false),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Word, Excel or Outlook file", false),
        ([0x7F, 0x45, 0x4C, 0x46], "a program", false),
        ([0x4D, 0x5A, 0x90], "a program", false),
    ]

    /// The problem with a file that is recognisably something else, or `nil`.
    static func problem(with bytes: [UInt8]) -> ReadProblem? {
        for mark in marks where bytes.starts(with: mark.bytes) {
            if mark.isCompressed {
                return ReadProblem(
                    "format-compressed", at: 0, "this looks like \(mark.name), which is not unpacked here")
            }
            return ReadProblem("format-unknown", at: 0, "this looks like \(mark.name), not a document")
        }
        return nil
    }
}
