extension FindingCatalogue {
    static let mapping: [Entry] = [
    ]
}
