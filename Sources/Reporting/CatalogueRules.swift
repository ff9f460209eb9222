extension FindingCatalogue {
    static let rules: [Entry] = [
    ]
}
