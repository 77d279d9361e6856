/** What findings say when the form does not say it: Indonesian first, English beside it. */

/** @type {Record<string, [string, string]>} */
const MESSAGES = {
  'required': ['Pertanyaan ini wajib diisi.', 'This question must be answered.'],
  'constraint': ['Jawaban tidak memenuhi syarat pertanyaan ini.', 'The answer does not meet the condition of this question.'],
  'warning': ['Jawaban tidak lazim; pastikan kembali.', 'An unusual answer; please make sure.'],
  'choice': ['Pilihan tidak ada dalam daftar jawaban yang berlaku.', 'The choice is not on the list of valid answers.'],
  'choice.twice': ['Pilihan yang sama dicatat lebih dari satu kali.', 'The same choice is recorded more than once.'],
  'relevance': ['Bagian ini seharusnya kosong menurut jawaban lain.', 'This part should be empty, given other answers.'],
  'calculation': ['Nilai tersimpan berbeda dari hasil hitung ulang.', 'The stored value differs from the recalculated one.'],
  'warning.readonly': ['Nilai ini tidak boleh diubah.', 'This value must not be changed.'],
  'repeat': ['Jumlah isian berulang tidak sesuai dengan yang seharusnya.', 'The number of repeated entries is not what it should be.'],
  'repeat.surplus': ['Terlalu banyak isian berulang; kelebihannya tidak diperiksa.', 'Too many repeated entries; the surplus was not checked.'],
  'unknown': ['Isian ini tidak dikenal dalam kuesioner, atau tercatat ganda.', 'The questionnaire does not have this entry, or it is recorded twice.'],
  'type.int': ['Tulis bilangan bulat.', 'Give a whole number.'],
  'type.long': ['Tulis bilangan bulat.', 'Give a whole number.'],
  'type.decimal': ['Tulis bilangan.', 'Give a number.'],
  'type.date': ['Tanggal tidak sah.', 'Not a valid date.'],
  'type.dateTime': ['Tanggal dan waktu tidak sah.', 'Not a valid date and time.'],
  'type.time': ['Waktu tidak sah.', 'Not a valid time.'],
  'type.geopoint': ['Lokasi tidak sah.', 'Not a valid location.'],
  'type.geotrace': ['Lintasan tidak sah.', 'Not a valid trace.'],
  'type.geoshape': ['Bidang tidak sah.', 'Not a valid shape.'],
  'type.binary': ['Nama berkas tidak sah.', 'Not a valid file name.'],
  'type.boolean': ['Tulis benar atau salah.', 'Give true or false.'],
};

/** The message for a rule: Indonesian unless English is asked for, without answers. @param {string} key @param {string} language */
export function defaultMessage(key, language) {
  return MESSAGES[key][language === 'en' ? 1 : 0];
}
